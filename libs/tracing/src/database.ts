export {
  type DatabaseCall,
  DatabaseCalls,
  type DatabaseOptions,
  type EndedOperation,
  type Operation,
} from './database-calls.ts';
export { type MongoEvents, traceMongo } from './mongo-commands.ts';
export { tracePoolWaits, TypeOrmQueries, type TypeOrmOptions } from './typeorm-queries.ts';
