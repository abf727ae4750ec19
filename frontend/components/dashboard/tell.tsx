'use client';

import { Button, Group, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { newId } from '@/lib/id';
import { noticeOf } from '@/lib/notices';
import { problemOf } from '@/lib/problems';
import { texts } from '@/texts/dashboard';
import styles from './tell.module.css';

/** Says what was done, with a way back where there is one. */
export function tell(text: string, undo?: () => void, seconds = 6): string {
  const id = newId();
  notifications.show({
    id,
    autoClose: seconds * 1000,
    color: 'pine',
    withBorder: true,
    closeButtonProps: { 'aria-label': texts.common.close },
    message: (
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm" className={styles.said}>
          {text}
        </Text>
        {undo && (
          <Button
            size="compact-sm"
            variant="light"
            flex="none"
            onClick={() => {
              notifications.hide(id);
              undo();
            }}
          >
            {texts.common.undo}
          </Button>
        )}
      </Group>
    ),
  });
  return id;
}

/** Says what went wrong. */
export function tellFailure(error: unknown): void {
  const problem = problemOf(error);
  const known = noticeOf(problem);
  notifications.show({
    color: 'red',
    autoClose: 10_000,
    withBorder: true,
    closeButtonProps: { 'aria-label': texts.common.close },
    title: known?.title ?? texts.common.failed,
    // A fault of one field says more than that there is one.
    message: known?.text ?? Object.values(problem.fields)[0] ?? problem.message,
  });
}
