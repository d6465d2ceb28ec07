// Reads a bar or QR code with the camera.
import { useEffect, useRef, useState } from 'react';
import { Button } from '@/kit/Button';
import { Icon } from '@/kit/Icon';
import inputStyles from '@/kit/input.module.css';
import { Overlay } from '@/kit/Overlay';
import { t } from '@/locales';
import styles from './ScanButton.module.css';

interface Detector {
  detect: (source: HTMLVideoElement) => Promise<{ rawValue: string }[]>;
}

export function ScanButton({ onFound }: { onFound: (code: string) => void }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button
        type="button"
        className={inputStyles.clear}
        aria-label={t('fields.scan')}
        title={t('fields.scan')}
        onClick={() => setOpen(true)}
      >
        <Icon name="scan" />
      </button>
      {open && (
        <Camera
          onClose={() => setOpen(false)}
          onFound={(code) => {
            setOpen(false);
            onFound(code);
          }}
        />
      )}
    </>
  );
}

function Camera({ onFound, onClose }: { onFound: (code: string) => void; onClose: () => void }) {
  const video = useRef<HTMLVideoElement>(null);
  const [failed, setFailed] = useState(false);
  const found = useRef(onFound);
  found.current = onFound;
  useEffect(() => {
    let stopped = false;
    let stream: MediaStream | undefined;
    const Make = (globalThis as unknown as { BarcodeDetector: new () => Detector }).BarcodeDetector;
    const detector = new Make();
    const look = async () => {
      if (stopped || !video.current) return;
      const codes = await detector.detect(video.current).catch(() => []);
      const code = codes[0]?.rawValue;
      if (stopped) return;
      if (code) found.current(code);
      else setTimeout(look, 150);
    };
    navigator.mediaDevices
      .getUserMedia({ video: { facingMode: 'environment' } })
      .then(async (media) => {
        stream = media;
        if (stopped || !video.current) {
          for (const track of media.getTracks()) track.stop();
          return;
        }
        video.current.srcObject = media;
        await video.current.play();
        look();
      })
      .catch(() => setFailed(true));
    return () => {
      stopped = true;
      for (const track of stream?.getTracks() ?? []) track.stop();
    };
  }, []);
  return (
    <Overlay label={t('fields.scan')} onClose={onClose} className={styles.camera}>
      {failed ? (
        <p className={styles.failed}>{t('fields.noCamera')}</p>
      ) : (
        <video ref={video} className={styles.video} muted playsInline />
      )}
      <Button onClick={onClose}>{t('common.cancel')}</Button>
    </Overlay>
  );
}
