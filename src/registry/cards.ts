import type { ChangeContext } from '#kernel/events/index.ts';
import { tellOfCard } from './add-version.ts';
import { cardDigest, type CardMeasure, measureCard } from './card.ts';
import { changeVersion } from './change-version.ts';
import { registryErrors } from './errors.ts';
import { checkText } from './names.ts';
import { requireVersion, type VersionAddress, type Workshop } from './service.ts';
import { readDocuments, updateVersion } from './version-store.ts';

export interface Card extends CardMeasure {
  /** Markdown; undefined when nobody has written one. */
  readonly text: string | undefined;
  /** Send it with the next text, so that nobody's change is lost. */
  readonly digest: string | undefined;
}

export async function getCard(workshop: Workshop, address: VersionAddress): Promise<Card> {
  const { row } = await requireVersion(workshop.database, address);
  const { card } = await readDocuments(workshop.database, row);
  return { text: card ?? undefined, digest: card === null ? undefined : cardDigest(card), ...measureCard(card ?? '') };
}

/** Replaces the card; emits `model.card.updated`. @throws `registry.card-changed` when `replaces` is not the digest of the present text */
export async function updateCard(
  workshop: Workshop,
  context: ChangeContext,
  edit: VersionAddress & { text: string; replaces?: string | undefined },
): Promise<Card> {
  const text = checkText('card', edit.text);
  await changeVersion(workshop, context, edit, async (change, { model, row }) => {
    const { card } = await readDocuments(change, row);
    if (edit.replaces !== undefined && (card === null || cardDigest(card) !== edit.replaces)) {
      throw registryErrors['card-changed']({ model: model.name, version: row.version });
    }
    if (card === text) return;
    const { filledFields, requiredFields } = measureCard(text);
    await updateVersion(change, row, { card: text, card_filled: filledFields, card_required: requiredFields });
    tellOfCard(change, { model, version: row.version }, text);
  });
  return getCard(workshop, edit);
}
