import { PageHeader } from '../ui/page-header.tsx';

export function WindowPage() {
  return <PageHeader title="Window" />;
}
