// Going through posts by keyboard: which one somebody is at, the one after, and acts on it.

/** What the bars cover at the top; a post that ends above has been read. */
const covered = 100;

function isInView(post: HTMLElement) {
  const { top, bottom } = post.getBoundingClientRect();
  return bottom > covered && top < window.innerHeight;
}

function place(posts: HTMLElement[]): { at: number; focused: boolean } {
  const at = posts.findIndex((post) => post.contains(document.activeElement));
  const post = posts[at];
  if (post && isInView(post)) return { at, focused: true };
  return { at: posts.findIndex(isInView), focused: false };
}

const all = (selector: string) => [...document.querySelectorAll<HTMLElement>(selector)];

/** Goes to the next post or the one before; who is at none goes to the one in view. */
export function stepPost(step: 1 | -1) {
  const posts = all("article[data-post-id]");
  const { at, focused } = place(posts);
  const next = posts[focused ? at + step : Math.max(0, at)];
  next?.focus({ preventScroll: true });
  next?.scrollIntoView({ block: "start" });
}

function press(selector: string) {
  const posts = all("article");
  posts[place(posts).at]?.querySelector<HTMLElement>(selector)?.click();
}

export const likePost = () => press("[data-like]");
export const openPost = () => press("[data-open]");
export const showNewPosts = () => document.querySelector<HTMLElement>("[data-new-posts]")?.click();
