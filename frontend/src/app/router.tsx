import { createBrowserRouter, type RouteObject } from 'react-router';
import { PageError } from './PageError';
import { ProjectLayout } from './ProjectLayout';
import { RequireSession } from './RequireSession';
import { TopLayout } from './TopLayout';

type Module = { default: React.ComponentType };

/** A page that is loaded when it is first opened. */
function page(load: () => Promise<Module>): Pick<RouteObject, 'lazy'> {
  return { lazy: async () => ({ Component: (await load()).default }) };
}

export const routes: RouteObject[] = [
  {
    errorElement: <PageError />,
    hydrateFallbackElement: <></>,
    children: [
      { path: '/setup', ...page(() => import('features/users/SetupPage')) },
      { path: '/sign-in', ...page(() => import('features/users/SignInPage')) },
      { path: '/invitations/:token', ...page(() => import('features/teams/InvitationPage')) },
      {
        element: <RequireSession />,
        children: [
          {
            element: <TopLayout />,
            children: [
              {
                errorElement: <PageError />,
                children: [
                  { path: '/', ...page(() => import('features/projects/ProjectsPage')) },
                  { path: '/account', ...page(() => import('features/users/AccountPage')) },
                  { path: '/teams/:teamId', ...page(() => import('features/teams/TeamPage')) },
                  { path: '*', ...page(() => import('./NotFoundPage')) },
                ],
              },
            ],
          },
          {
            path: '/projects/:projectId',
            element: <ProjectLayout />,
            children: [
              {
                errorElement: <PageError />,
                children: [
                  { index: true, ...page(() => import('features/projects/OverviewPage')) },
                  { path: 'samples', ...page(() => import('features/samples/SamplesPage')) },
                  { path: 'samples/:sampleId', ...page(() => import('features/samples/SamplePage')) },
                  { path: 'live/*', ...page(() => import('features/live')) },
                  { path: 'pipeline/*', ...page(() => import('features/pipeline')) },
                  { path: 'trainings/*', ...page(() => import('features/trainings')) },
                  { path: 'deployments/*', ...page(() => import('features/deployments')) },
                  { path: 'jobs/*', ...page(() => import('features/jobs')) },
                  { path: 'settings', ...page(() => import('features/projects/SettingsPage')) },
                  { path: '*', ...page(() => import('./NotFoundPage')) },
                ],
              },
            ],
          },
        ],
      },
    ],
  },
];

export const router = createBrowserRouter(routes);
