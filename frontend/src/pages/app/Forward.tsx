import { useContext, useEffect } from 'react';
import { UNSAFE_DataRouterContext as RouterContext, useLocation, useNavigate } from 'react-router';

/** Goes on to another address by itself, unless the person has gone elsewhere meanwhile. */
export function Forward({ to }: { to: string }) {
  const router = useContext(RouterContext)?.router;
  const navigate = useNavigate();
  const { key } = useLocation();
  useEffect(() => {
    // The router itself is asked: what it tells components may be a step behind, while
    // a page is loading and also when it is there and not drawn yet.
    if (router?.state.navigation.state === 'idle' && router.state.location.key === key) navigate(to, { replace: true });
  }, [router, navigate, to, key]);
  return null;
}
