export { SecretFileError, secretOf, withSecretFiles } from './secret-files.ts';
