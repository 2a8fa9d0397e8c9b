import { ImageOff } from "lucide-react";
import { Link } from "react-router";
import { buttonClass } from "../ui/Button";
import { Blank } from "../ui/states";

export function NotFound({ what = "page" }: { what?: string }) {
  return (
    <>
      <title>Not found · Tintype</title>
      <Blank
        page
        icon={<ImageOff />}
        title={`This ${what} is not here`}
        act={
          <Link to="/" className={buttonClass("quiet")}>
            Go home
          </Link>
        }
      >
        It may have been removed, or it is not shared with you.
      </Blank>
    </>
  );
}
