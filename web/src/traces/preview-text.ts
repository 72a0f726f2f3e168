/** A preview as a person reads it: a text that came as JSON without its quotes; undefined when it says nothing. */
export function previewText(preview: string | undefined): string | undefined {
  if (preview === undefined || preview.trim() === '') return undefined;
  if (!preview.startsWith('"')) return preview;
  try {
    const text: unknown = JSON.parse(preview);
    return typeof text === 'string' ? text || undefined : preview;
  } catch {
    // It was cut in the middle.
    return preview.slice(1);
  }
}
