/** Plays a recording, or a part of it, and says where it is. */
import { useCallback, useEffect, useRef, useState } from 'react';
import { notifyError } from 'components/notify';
import { errorFrom } from 'lib/api';

export interface Audio {
  playing: boolean;
  loading: boolean;
  /** Seconds; null before it was ever played. */
  time: number | null;
  /** Plays from `start` to `end` seconds, or pauses when it is playing. */
  toggle: (start: number, end: number) => void;
}

async function load(url: string): Promise<string> {
  const response = await fetch(url, { credentials: 'same-origin' });
  if (!response.ok) throw errorFrom(response.status, await response.json().catch(() => null));
  return URL.createObjectURL(await response.blob());
}

export function useAudio(url: string | null): Audio {
  const element = useRef<HTMLAudioElement | null>(null);
  const frame = useRef(0);
  const [playing, setPlaying] = useState(false);
  const [loading, setLoading] = useState(false);
  const [time, setTime] = useState<number | null>(null);

  useEffect(
    () => () => {
      cancelAnimationFrame(frame.current);
      element.current?.pause();
      if (element.current) URL.revokeObjectURL(element.current.src);
      element.current = null;
      setPlaying(false);
      setTime(null);
    },
    [url],
  );

  const toggle = useCallback(
    async (start: number, end: number) => {
      if (!url) return;
      if (element.current && !element.current.paused) {
        element.current.pause();
        return;
      }
      try {
        if (!element.current) {
          setLoading(true);
          element.current = new window.Audio(await load(url));
          element.current.onpause = () => setPlaying(false);
        }
        const audio = element.current;
        const resume = audio.currentTime > start && audio.currentTime < end - 0.02;
        if (!resume) audio.currentTime = start;
        await audio.play();
        setPlaying(true);
        const follow = () => {
          setTime(audio.currentTime);
          if (audio.currentTime >= end) audio.pause();
          if (!audio.paused) frame.current = requestAnimationFrame(follow);
        };
        follow();
      } catch (error) {
        notifyError(error);
      } finally {
        setLoading(false);
      }
    },
    [url],
  );
  return { playing, loading, time, toggle };
}
