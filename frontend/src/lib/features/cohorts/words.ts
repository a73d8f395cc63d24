/** What a run is doing, or why it failed, in a sentence. */
import type { Schemas } from '#lib/api/client.ts';
import { m, sentence } from '#lib/i18n/index.ts';

type Cohort = Schemas['Cohort'];

export const isUnderWay = (cohort: Cohort): boolean => cohort.status === 'waiting' || cohort.status === 'running';

export const doing = (cohort: Cohort): string =>
	sentence(`cohorts_step_${cohort.step}`, { done: cohort.done, people: cohort.people }) ?? m.cohorts_status_running();

export const failed = (cohort: Cohort): string =>
	sentence(`cohorts_failure_${cohort.failure}`, { detail: cohort.failure_detail }) ?? m.cohorts_failure_failed();

/** Why nobody was found for somebody; '' where there is nothing to say. */
export const whyEmpty = (why: string, ranked: boolean): string =>
	(ranked && sentence(`cohorts_why_${why}_ranked`)) || (sentence(`cohorts_why_${why}`) ?? '');
