// Which page an address shows. A dialog with an address of its own opens over the page it was called from.
import { lazy, Suspense } from "react";
import { type Location, Navigate, Route, Routes, useLocation } from "react-router";
import { Home } from "../features/feed/pages/Home";
import { useSession } from "../features/session/hooks/useSession";
import { Loading } from "../ui/states";
import { Toaster } from "../ui/Toaster";
import { DropAnywhere } from "./DropAnywhere";
import { Frame } from "./Frame";
import { loadCompose } from "./loadCompose";
import { NotFound } from "./NotFound";
import { Shortcuts } from "./Shortcuts";
import { usePlace } from "./usePlace";
import { useShared } from "./useShared";
import { useUnder } from "./useUnder";

const Login = lazy(() => import("../features/session/pages/Login"));
const Register = lazy(() => import("../features/session/pages/Register"));
const Reset = lazy(() => import("../features/session/pages/Reset"));
const Forgot = lazy(() => import("../features/session/pages/Forgot"));
const Verify = lazy(() => import("../features/session/pages/Verify"));
const Welcome = lazy(() => import("../features/session/pages/Welcome"));
const People = lazy(() => import("../features/people/pages/People"));
const PostPage = lazy(() => import("../features/post/pages/PostPage"));
const ProfilePage = lazy(() => import("../features/profile/pages/ProfilePage"));
const PeopleList = lazy(() => import("../features/profile/pages/PeopleList"));
const Kept = lazy(() => import("../features/profile/pages/Kept"));
const Explore = lazy(() => import("../features/discovery/pages/Explore"));
const HashtagPage = lazy(() => import("../features/discovery/pages/HashtagPage"));
const Requests = lazy(() => import("../features/people/pages/Requests"));
const Settings = lazy(() => import("../features/settings/pages/Settings"));
const Compose = lazy(loadCompose);

export function Root() {
  const location = useLocation();
  const { ended } = useSession();
  const under = useUnder();
  if (ended && location.pathname !== "/login") {
    return <Navigate to="/login" replace state={{ next: location.pathname, ended: true }} />;
  }
  return (
    <>
      <DropAnywhere>
        <Suspense fallback={<Loading />}>
          <Pages under={under} location={location} />
        </Suspense>
      </DropAnywhere>
      <Toaster />
      <Shortcuts />
    </>
  );
}

function Pages({ under, location }: { under: Location | undefined; location: Location }) {
  const composing = location.pathname === "/new";
  const page = under ?? (composing ? { ...location, pathname: "/" } : location);
  usePlace(page);
  return (
    <>
      <Routes location={page}>
        <Route path="/login" element={<Login />} />
        <Route path="/register" element={<Register />} />
        <Route path="/reset" element={<Reset />} />
        <Route path="/forgot" element={<Forgot />} />
        <Route path="/verify" element={<Verify />} />
        <Route path="/welcome" element={<Welcome />} />
        <Route element={<Frame />}>
          <Route path="/posts/:postId" element={<PostPage />} />
          <Route path="/p/:postId" element={<PostPage />} />
          <Route path="/explore" element={<Explore />} />
          <Route path="/hashtags/:name" element={<HashtagPage />} />
          <Route path="/:handle" element={<ProfilePage />} />
          <Route path="/:handle/followers" element={<PeopleList list="followers" />} />
          <Route path="/:handle/following" element={<PeopleList list="following" />} />
          <Route path="*" element={<NotFound />} />
        </Route>
        <Route element={<Frame forMembers />}>
          <Route path="/" element={<Home />} />
          <Route path="/people" element={<People />} />
          <Route path="/requests" element={<Requests />} />
          <Route path="/saved" element={<Kept list="saved" />} />
          <Route path="/archive" element={<Kept list="archive" />} />
          <Route path="/settings/:section?" element={<Settings />} />
        </Route>
      </Routes>
      {composing && <Composing />}
    </>
  );
}

function Composing() {
  const { me, out } = useSession();
  const { pathname, search } = useLocation();
  useShared(me !== undefined);
  if (out) return <Navigate to="/login" replace state={{ next: pathname + search }} />;
  return (
    <Suspense>
      <Compose />
    </Suspense>
  );
}
