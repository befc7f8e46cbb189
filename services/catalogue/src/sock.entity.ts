import { Column, Entity, JoinTable, ManyToMany, PrimaryColumn, type Relation } from 'typeorm';
import { Tag } from './tag.entity.ts';

/** A row of `sock`. Tables and columns are those of the original's dump.sql, so the original's data works unchanged. */
@Entity('sock')
export class Sock {
  @PrimaryColumn({ name: 'sock_id', type: 'varchar', length: 40 })
  id!: string;

  @Column({ type: 'varchar', length: 20 })
  name!: string;

  @Column({ type: 'varchar', length: 200 })
  description!: string;

  /**
   * US dollars. A 32-bit `float` in MySQL, which returns it rounded to six digits: 17.32, not 17.3199997. So reads return the stored price,
   * but comparisons in the database need a tolerance.
   */
  @Column({ type: 'float' })
  price!: number;

  /** Pairs in stock; never changes. */
  @Column({ type: 'int' })
  count!: number;

  @Column({ name: 'image_url_1', type: 'varchar', length: 40 })
  imageUrl1!: string;

  @Column({ name: 'image_url_2', type: 'varchar', length: 40 })
  imageUrl2!: string;

  @ManyToMany(() => Tag)
  @JoinTable({
    name: 'sock_tag',
    joinColumn: { name: 'sock_id' },
    inverseJoinColumn: { name: 'tag_id' },
  })
  tags!: Relation<Tag>[];
}
