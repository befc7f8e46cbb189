import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Creates the original's three tables, unless its own dump has created them. */
export class CreateTables1480000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const sqlite = runner.dataSource.options.type === 'better-sqlite3';
    // MySQL ignores case in comparisons; SQLite needs NOCASE for that.
    const text = (length: number) => `varchar(${length})${sqlite ? ' COLLATE NOCASE' : ''}`;
    const generated = sqlite ? 'integer NOT NULL' : 'mediumint NOT NULL AUTO_INCREMENT';
    await runner.query(`CREATE TABLE IF NOT EXISTS sock (
      sock_id ${text(40)} NOT NULL, name ${text(20)}, description ${text(200)},
      price float, count int, image_url_1 ${text(40)}, image_url_2 ${text(40)},
      PRIMARY KEY (sock_id))`);
    await runner.query(
      `CREATE TABLE IF NOT EXISTS tag (tag_id ${generated}, name ${text(20)}, PRIMARY KEY (tag_id))`,
    );
    await runner.query(`CREATE TABLE IF NOT EXISTS sock_tag (
      sock_id ${text(40)}, tag_id mediumint NOT NULL,
      FOREIGN KEY (sock_id) REFERENCES sock (sock_id), FOREIGN KEY (tag_id) REFERENCES tag (tag_id))`);
    if (!sqlite) return; // MySQL has an index for every foreign key
    await runner.query('CREATE INDEX IF NOT EXISTS sock_tag_sock ON sock_tag (sock_id)');
    await runner.query('CREATE INDEX IF NOT EXISTS sock_tag_tag ON sock_tag (tag_id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['sock_tag', 'tag', 'sock']) await runner.query(`DROP TABLE ${table}`);
  }
}
