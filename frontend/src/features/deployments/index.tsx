import { Route, Routes } from 'react-router';
import { DeploymentPage } from './DeploymentPage';
import { DeploymentsPage } from './DeploymentsPage';

export default function Deployments() {
  return (
    <Routes>
      <Route index element={<DeploymentsPage />} />
      <Route path=":deploymentId" element={<DeploymentPage />} />
    </Routes>
  );
}
