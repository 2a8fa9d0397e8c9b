import "@testing-library/jest-dom/vitest";
import { cleanup, configure } from "@testing-library/react";
import { afterEach } from "vitest";
import { startTextsInTests } from "./texts";

configure({ asyncUtilTimeout: 5000 });
startTextsInTests();
afterEach(cleanup);
