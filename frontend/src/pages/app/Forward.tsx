import { useContext, useEffect } from 'react';
import { UNSAFE_DataRouterContext as RouterContext, useNavigate } from 'react-router';

/** Goes on to another address by itself, unless the person has gone elsewhere meanwhile: a page that is still loading wins. */
export function Forward({ to }: { to: string }) {
  const router = useContext(RouterContext)?.router;
  const navigate = useNavigate();
  useEffect(() => {
    // The router itself is asked: what it tells components may be a step behind.
    if (router?.state.navigation.state === 'idle') navigate(to, { replace: true });
  }, [router, navigate, to]);
  return null;
}
