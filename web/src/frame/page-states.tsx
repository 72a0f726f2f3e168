import { type ErrorComponentProps, useRouter } from '@tanstack/react-router';
import { EmptyState } from '../ui/empty-state.tsx';
import { ErrorState } from '../ui/error-state.tsx';
import { Link } from '../ui/link.tsx';
import { Skeleton } from '../ui/skeleton.tsx';

export function PageFailed({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  return (
    <ErrorState
      error={error}
      onRetry={() => {
        reset();
        void router.invalidate();
      }}
    />
  );
}

export function PageMissing() {
  return (
    <EmptyState
      title="There is no page at this address"
      action={
        <Link to="/" search={{ all: true }}>
          All projects
        </Link>
      }
    >
      The address may be mistyped, or what it named was removed.
    </EmptyState>
  );
}

export function PagePending() {
  return <Skeleton lines={8} label="Opening the page" />;
}
