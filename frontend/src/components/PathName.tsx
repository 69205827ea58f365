import { Text } from '@mantine/core';
import classes from './PathName.module.css';

/** The last part of a path, and the folders before it. */
export function splitPath(path: string): { folder: string; name: string } {
  const cut = path.lastIndexOf('/') + 1;
  return { folder: path.slice(0, cut), name: path.slice(cut) };
}

/** A path in which the end, which tells things apart, is kept while the folders give way. */
export function PathName({ path }: { path: string }) {
  const { folder, name } = splitPath(path);
  return (
    <span className={classes.path} title={path}>
      {folder && (
        <Text span c="dimmed" inherit className={classes.folder}>
          {folder}
        </Text>
      )}
      <span className={classes.name}>{name}</span>
    </span>
  );
}
