if (!window.ownHistory) {
  window.ownHistory = true;
  const push = history.pushState.bind(history);
  const passing = () => location.pathname.endsWith("/") && location.search.includes("checkpoint=");
  history.pushState = (state, title, url) =>
    new URL(url ?? "", location.href).pathname === location.pathname || passing()
      ? history.replaceState(state, title, url)
      : push(state, title, url);
}
