import type { ChangeContext } from '#kernel/events/index.ts';
import type { ByteRange } from '#kernel/objects/index.ts';
import type { Artifact } from '../model.ts';
import type { Workshop } from '../service.ts';
import type { FolderPage } from './file-store.ts';
import * as files from './files.ts';
import type { ArtifactHolder, ArtifactPlace } from './holder.ts';
import { resolveArtifactPath } from './resolve.ts';
import { zipFolder } from './zip-response.ts';
import type { SharedFiles } from './shared-folders.ts';

/** Files of any holder: runs, logged models, traces, and what lies loose in a project. */
export function fileCommands(workshop: Workshop) {
  return {
    resolveArtifactPath: (project: string, path: string) => resolveArtifactPath(workshop, project, path),
    putFile: (place: ArtifactPlace, content: files.ArtifactContent) => files.putFile(workshop, place, content),
    file: (place: ArtifactPlace) => files.getFile(workshop, place),
    openFile: (file: Artifact, range?: ByteRange) => files.openFile(workshop, file, range),
    fileFolder: (holder: ArtifactHolder, page: FolderPage) => files.pageOfFiles(workshop, holder, page),
    files: (place: ArtifactPlace) => files.allFiles(workshop, place),
    /** Shows files that another module keeps below a folder at the top of the artifact proxy; they can be read only. */
    shareFiles: (folder: string, list: SharedFiles) => workshop.shared.share(folder, list),
    zipFolder: (place: ArtifactPlace) => zipFolder(workshop, place),
    deleteFiles: (context: ChangeContext, place: ArtifactPlace) => files.removeFiles(workshop, context, place),
  };
}
