import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** A row of `tag`, by which the shop's pages filter. */
@Entity('tag')
export class Tag {
  @PrimaryGeneratedColumn({ name: 'tag_id', type: 'mediumint' })
  id!: number;

  @Column({ type: 'varchar', length: 20 })
  name!: string;
}
