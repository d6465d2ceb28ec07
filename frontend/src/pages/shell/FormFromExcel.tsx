import { Suspense, useState } from 'react';
import { useNavigate } from 'react-router';
import type { AppSummary } from '@/api/types';
import { Button, type ButtonProps } from '@/kit';
import { t } from '@/locales';
import { FormFromFile } from '@/runtime/from-file';

/** For builders: one more form, made of a spreadsheet, without leaving the app. */
export function FormFromExcel({
  app,
  root,
  ...look
}: { app: AppSummary; root: string } & Pick<ButtonProps, 'size' | 'variant' | 'className'>) {
  const navigate = useNavigate();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button icon="excel" onClick={() => setOpen(true)} {...look}>
        {t('shell.formFromExcel')}
      </Button>
      {open && (
        <Suspense>
          <FormFromFile
            title={t('shell.formFromExcel')}
            app={async () => app.id}
            onMade={(made) => navigate(`${root}/${made.key}`)}
            onUndone={() => navigate(root)}
            onClose={() => setOpen(false)}
          />
        </Suspense>
      )}
    </>
  );
}
