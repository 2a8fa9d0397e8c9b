// Showing a change before the server has answered.
import { showToast } from "../ui/toasts";
import type { Cache } from "./cache";
import { friendly } from "./errors";

export type Started<T> = Cache & { queryFulfilled: Promise<{ data: T }> };

/** Shows a change at once; takes it back and says why when the server refuses. */
export async function optimistic<T>(
  { dispatch, queryFulfilled }: Started<T>,
  undo: () => void,
): Promise<T | undefined> {
  try {
    return (await queryFulfilled).data;
  } catch (failure) {
    undo();
    dispatch(showToast({ text: friendly((failure as { error?: unknown }).error), tone: "error" }));
    return undefined;
  }
}
