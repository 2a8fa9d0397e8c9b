// An account that exists but waits for someone who runs the place to let it in.
import { Link } from "react-router";
import { isApiError } from "../../../api/errors";
import { buttonClass } from "../../../ui/Button";
import { EntryPage } from "./EntryPage";

export function isAwaiting(error: unknown): boolean {
  return isApiError(error) && /PENDING/.test(error.code);
}

export function Awaiting() {
  return (
    <EntryPage title="Almost there">
      <p role="status" className="text-base text-ink-soft">
        Your account is waiting for approval. The people who run this place look at new accounts by hand; you can log in
        as soon as yours is approved.
      </p>
      <Link to="/login" reloadDocument className={buttonClass("quiet", "min-h-11")}>
        Back to log in
      </Link>
    </EntryPage>
  );
}
