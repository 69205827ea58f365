import { Route, Routes } from 'react-router';
import { TrainingPage } from './TrainingPage';
import { TrainingsPage } from './TrainingsPage';

export default function Trainings() {
  return (
    <Routes>
      <Route index element={<TrainingsPage />} />
      <Route path=":trainingId" element={<TrainingPage />} />
    </Routes>
  );
}
