// Runs before every other script, as a file of its own since the content policy allows none inline: sets the theme
// before the first paint, and asks at once for the scripts, words and data of the page, which then are there when the
// client wants them. What pages there are, the build writes into `#early` (scripts/early.ts).
(() => {
  const stored = (key) => {
    try {
      return localStorage.getItem(`tintype.${key}`);
    } catch {
      return null; // Storage may be off.
    }
  };
  const theme = stored("theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;

  const { pages, words } = JSON.parse(document.getElementById("early").textContent);
  const page = pages.find(({ path }) => new RegExp(path).test(location.pathname));
  const tags = [stored("language"), ...navigator.languages].map((tag) => tag?.toLowerCase().split("-")[0]);
  const ours = words[tags.find((tag) => tag in words) ?? "en"];
  for (const file of [...(page?.scripts ?? []), ours.first, ...(page?.words ?? []).map((name) => ours[name])]) {
    const link = document.createElement("link");
    link.rel = "modulepreload";
    link.href = file;
    document.head.append(link);
  }

  const asked = new Map();
  const ask = (path) => {
    const answer = fetch(`/api/v1${path}`, { credentials: "same-origin", headers: { Accept: "application/json" } });
    answer.catch(() => undefined); // who takes it hears of it
    asked.set(`/api/v1${path}`, answer);
  };
  const signedIn = /(?:^|;\s*)(?:__Host-)?tintype_csrf=/.test(document.cookie);
  if (signedIn) ask("/users/me");
  const order = stored("order") ?? "ranked";
  for (const { path, part, order: whose = order } of (signedIn && page?.asks) || []) {
    if (whose !== order) continue;
    try {
      const word = encodeURIComponent(decodeURIComponent(location.pathname.split("/")[part ?? 0]).toLowerCase());
      ask(path.replace(":part", word).replace(":order", order));
    } catch {
      // No such address: the client says so.
    }
  }
  globalThis.early = asked;
  setTimeout(() => asked.clear(), 10_000); // what nobody wanted by then would be old
})();
