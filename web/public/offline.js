// Keeps the page for when there is no network: what was fetched once is there, and a new version wins where there is one.

const CACHE = "cspc";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

/** Files under `assets` are named by their content and never change; the rest is asked for first. */
async function answer(request) {
  const cache = await caches.open(CACHE);
  const kept = () => cache.match(request, { ignoreSearch: true });
  const isFixed = new URL(request.url).pathname.includes("/assets/");
  const known = isFixed ? await kept() : undefined;
  if (known) return known;
  try {
    const fresh = await fetch(request);
    if (fresh.ok) await cache.put(request, fresh.clone());
    return fresh;
  } catch (error) {
    const old = await kept();
    if (old) return old;
    throw error;
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method === "GET" && new URL(request.url).origin === self.location.origin) event.respondWith(answer(request));
});
