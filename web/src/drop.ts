// Files that are dropped on the page.

import { useEffect } from "preact/hooks";

export interface Dropped {
  path: string;
  file: File;
}

/** The files that were dropped, those in folders among them; it has to be asked while the event is dispatched. */
async function dropped(data: DataTransfer | null): Promise<Dropped[]> {
  const entries = [...(data?.items ?? [])].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  const found: Dropped[] = [];
  const walk = async (entry: FileSystemEntry, path: string): Promise<void> => {
    if (entry.isFile) {
      found.push({ path, file: await new Promise((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject)) });
      return;
    }
    const reader = (entry as FileSystemDirectoryEntry).createReader();
    const some = () => new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    for (let children = await some(); children.length > 0; children = await some()) {
      for (const child of children) await walk(child, `${path}/${child.name}`);
    }
  };
  for (const entry of entries) await walk(entry, entry.isFile ? `/${entry.name}` : "");
  return found;
}

/** Takes files that are dropped anywhere but in an editor: left to itself, a browser would show them in place of this page. */
export function useDrop(take: (files: Promise<Dropped[]>) => void) {
  useEffect(() => {
    const over = (event: DragEvent) => {
      if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
    };
    const drop = (event: DragEvent) => {
      if (event.defaultPrevented || !event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      take(dropped(event.dataTransfer));
    };
    addEventListener("dragover", over);
    addEventListener("drop", drop);
    return () => {
      removeEventListener("dragover", over);
      removeEventListener("drop", drop);
    };
  }, []);
}
