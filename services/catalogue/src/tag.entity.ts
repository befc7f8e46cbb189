import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** A row of `tag`. The shop's pages filter by tag. */
@Entity('tag')
export class Tag {
  @PrimaryGeneratedColumn({ name: 'tag_id', type: 'mediumint' })
  id!: number;

  @Column({ type: 'varchar', length: 20 })
  name!: string;
}
