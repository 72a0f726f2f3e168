/** How the folder of an upload in parts is called, beside the spooled files. */
export const uploadFolderForm = /^upload-[0-9a-f]{32}$/;
