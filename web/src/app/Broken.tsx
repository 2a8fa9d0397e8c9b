// What shows when a page breaks: what happened and the way on.
import { Component, type ReactNode } from "react";
import { Button } from "../ui/Button";
import { Blank } from "../ui/states";

function BrokenPage() {
  return (
    <div role="alert">
      <title>Something broke · Tintype</title>
      <Blank
        page
        title="This page broke"
        act={
          <>
            <Button onClick={() => window.location.reload()}>Reload</Button>
            <Button look="quiet" onClick={() => window.location.assign("/")}>
              Go home
            </Button>
          </>
        }
      >
        It is our fault, not yours. What you had shared is safe.
      </Blank>
    </div>
  );
}

/** Catches what breaks inside; around a page alone, the bars beside it stay usable. */
export class Boundary extends Component<{ children: ReactNode }, { broken: boolean }> {
  state = { broken: false };

  static getDerivedStateFromError() {
    return { broken: true };
  }

  render() {
    return this.state.broken ? <BrokenPage /> : this.props.children;
  }
}
