import { assertShare } from './errors.ts';
import { upperGamma } from './special-functions.ts';

/** P(Z > z) of the standard normal distribution, accurate far into the tail. */
export function normalSurvival(z: number): number {
  if (Number.isNaN(z)) return Number.NaN;
  const tail = 0.5 * upperGamma(0.5, (z * z) / 2);
  return z >= 0 ? tail : 1 - tail;
}

/** P(Z <= z) of the standard normal distribution. */
export function normalCdf(z: number): number {
  return normalSurvival(-z);
}

const centre = {
  numerator: [-3.969683028665376e1, 2.209460984245205e2, -2.759285104469687e2, 1.38357751867269e2, -3.066479806614716e1, 2.506628277459239],
  denominator: [-5.447609879822406e1, 1.615858368580409e2, -1.556989798598866e2, 6.680131188771972e1, -1.328068155288572e1, 1],
};
const tail = {
  numerator: [-7.784894002430293e-3, -3.223964580411365e-1, -2.400758277161838, -2.549732539343734, 4.374664141464968, 2.938163982698783],
  denominator: [7.784695709041462e-3, 3.224671290700398e-1, 2.445134137142996, 3.754408661907416, 1],
};

function polynomial(coefficients: readonly number[], x: number): number {
  return coefficients.reduce((sum, coefficient) => sum * x + coefficient, 0);
}

function lowerTailQuantile(share: number): number {
  const q = Math.sqrt(-2 * Math.log(share));
  return polynomial(tail.numerator, q) / polynomial(tail.denominator, q);
}

function roughQuantile(share: number): number {
  if (share < 0.02425) return lowerTailQuantile(share);
  if (share > 1 - 0.02425) return -lowerTailQuantile(1 - share);
  const q = share - 0.5;
  return (q * polynomial(centre.numerator, q * q)) / polynomial(centre.denominator, q * q);
}

/** The z with P(Z <= z) = share: Acklam's rational approximation, then one Halley step to full precision. */
export function normalQuantile(share: number): number {
  assertShare('The probability of a quantile', share);
  if (share === 0) return -Infinity;
  if (share === 1) return Infinity;
  const rough = roughQuantile(share);
  const error = (normalCdf(rough) - share) * Math.sqrt(2 * Math.PI) * Math.exp((rough * rough) / 2);
  return rough - error / (1 + (rough * error) / 2);
}

/** P(X > statistic) of the chi-square distribution. */
export function chiSquareSurvival(statistic: number, degreesOfFreedom: number): number {
  return upperGamma(degreesOfFreedom / 2, statistic / 2);
}

/** P(K > x) of the Kolmogorov distribution, the limit of √n·D. The theta form converges for small x, the alternating one for large. */
export function kolmogorovSurvival(x: number): number {
  if (!(x > 0)) return Number.isNaN(x) ? Number.NaN : 1;
  let sum = 0;
  if (x < 1.18) {
    for (let k = 1; k <= 9; k += 2) sum += Math.exp(-(k * k * Math.PI * Math.PI) / (8 * x * x));
    return 1 - (Math.sqrt(2 * Math.PI) / x) * sum;
  }
  for (let k = 1; k <= 6; k++) sum += (k % 2 === 1 ? 1 : -1) * Math.exp(-2 * k * k * x * x);
  return Math.min(1, Math.max(0, 2 * sum));
}
