import { Check, Copy } from 'lucide-react';
import { IconButton } from './button.tsx';
import { useCopy } from './use-copy.ts';

interface CopyButtonProps {
  /** A function when the text is costly to make: it is called only on a press. */
  readonly text: string | (() => string);
  readonly label?: string;
  readonly className?: string | undefined;
}

export function CopyButton({ text, label = 'Copy', className }: CopyButtonProps) {
  const { copied, copy } = useCopy();
  return (
    <IconButton
      label={copied ? 'Copied' : label}
      className={className}
      onClick={(event) => {
        event.stopPropagation();
        copy(typeof text === 'string' ? text : text());
      }}
      icon={copied ? <Check size={14} aria-hidden /> : <Copy size={14} aria-hidden />}
    />
  );
}
