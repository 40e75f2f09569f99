for (const link of document.querySelectorAll("#menu a")) {
  if (link.pathname === location.pathname) link.setAttribute("aria-current", "page");
}
