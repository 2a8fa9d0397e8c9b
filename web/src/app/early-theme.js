try {
  const theme = localStorage.getItem("tintype.theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage may be off: the system's theme then holds.
}
