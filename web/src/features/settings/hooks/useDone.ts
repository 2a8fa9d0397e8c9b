// Says in a toast that something is done.
import { useAppDispatch } from "../../../app/store";
import { showToast } from "../../../ui/toasts";

export function useDone() {
  const dispatch = useAppDispatch();
  return (text: string) => void dispatch(showToast({ text }));
}
