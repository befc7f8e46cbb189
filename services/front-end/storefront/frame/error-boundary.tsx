import { Component, type ReactNode } from 'react';
import { NoticeBox } from '../ui/notice-box.tsx';
import { problem, type Notice } from '../ui/notice.ts';

/** Keeps the rest of the page alive when a part of it breaks. */
export class ErrorBoundary extends Component<{ children: ReactNode }> {
  override state: { failed: Notice | null } = { failed: null };

  static getDerivedStateFromError(error: unknown) {
    return { failed: problem(error) };
  }

  override render() {
    return this.state.failed ? <NoticeBox notice={this.state.failed} /> : this.props.children;
  }
}
