// Changes of a rule's steps. Steps are named by their ids; branches and loops
// hold lists of their own. Functions take a list and return another.
import type { Step } from '@/api/types';

/** A place in a list of steps: of a step's body or its other branch, or of the rule itself. */
export interface StepSlot {
  owner: string | null;
  branch: 'steps' | 'else';
  index: number;
}

/** Which lists a step of a type holds. */
export function holds(type: string): ('steps' | 'else')[] {
  if (type === 'branch') return ['steps', 'else'];
  return type === 'loop' ? ['steps'] : [];
}

/** Every step with its place, outermost first. */
export function* eachStep(
  steps: Step[],
  owner: string | null = null,
  branch: 'steps' | 'else' = 'steps',
): Generator<{ step: Step; slot: StepSlot }> {
  for (const [index, step] of steps.entries()) {
    yield { step, slot: { owner, branch, index } };
    yield* eachStep(step.steps ?? [], step.id, 'steps');
    yield* eachStep(step.else ?? [], step.id, 'else');
  }
}

export function findStep(steps: Step[], id: string): { step: Step; slot: StepSlot } | undefined {
  for (const found of eachStep(steps)) if (found.step.id === id) return found;
  return undefined;
}

/** The list at a place; undefined when its owner is gone. */
function listOf(steps: Step[], slot: Pick<StepSlot, 'owner' | 'branch'>): Step[] | undefined {
  if (slot.owner === null) return steps;
  const owner = findStep(steps, slot.owner)?.step;
  if (!owner) return undefined;
  owner[slot.branch] ??= [];
  return owner[slot.branch];
}

const copy = (steps: Step[]): Step[] => JSON.parse(JSON.stringify(steps)) as Step[];

/** An id that no step has: s1, s2 … short, since run logs are made of them. */
export function freshStepId(steps: Step[]): string {
  let max = 0;
  for (const { step } of eachStep(steps)) {
    const n = /^s(\d+)$/.exec(step.id);
    if (n) max = Math.max(max, Number(n[1]));
  }
  return `s${max + 1}`;
}

export function insertStep(steps: Step[], slot: StepSlot, step: Step): Step[] {
  const next = copy(steps);
  listOf(next, slot)?.splice(slot.index, 0, step);
  return next;
}

export function removeStep(steps: Step[], id: string): Step[] {
  const next = copy(steps);
  const found = findStep(next, id);
  if (found) listOf(next, found.slot)?.splice(found.slot.index, 1);
  return next;
}

/** Moves a step into a slot; never into itself. */
export function moveStep(steps: Step[], id: string, slot: StepSlot): Step[] {
  const found = findStep(steps, id);
  if (!found || (slot.owner !== null && [...eachStep([found.step])].some((s) => s.step.id === slot.owner)))
    return steps;
  const next = copy(steps);
  const mine = findStep(next, id);
  const target = listOf(next, slot);
  if (!mine || !target) return steps;
  const from = listOf(next, mine.slot);
  from?.splice(mine.slot.index, 1);
  const shift = from === target && mine.slot.index < slot.index ? 1 : 0;
  target.splice(slot.index - shift, 0, mine.step);
  return next;
}

/** One place up or down, into and out of branches at their ends. */
export function nudgeStep(steps: Step[], id: string, by: -1 | 1): Step[] {
  const found = findStep(steps, id);
  if (!found) return steps;
  const { owner, branch, index } = found.slot;
  const list = owner === null ? steps : (findStep(steps, owner)?.step[branch] ?? []);
  const neighbour = list[index + by];
  if (neighbour) {
    const inner = holds(neighbour.type);
    const into = by < 0 ? inner.at(-1) : inner[0];
    if (into)
      return moveStep(steps, id, {
        owner: neighbour.id,
        branch: into,
        index: by < 0 ? (neighbour[into]?.length ?? 0) : 0,
      });
    return moveStep(steps, id, { owner, branch, index: by < 0 ? index - 1 : index + 2 });
  }
  const around = owner === null ? undefined : findStep(steps, owner);
  if (!around) return steps;
  const branches = holds(around.step.type);
  const other = branches[branches.indexOf(branch) + by];
  if (other)
    return moveStep(steps, id, { owner, branch: other, index: by < 0 ? (around.step[other]?.length ?? 0) : 0 });
  return moveStep(steps, id, { ...around.slot, index: by < 0 ? around.slot.index : around.slot.index + 1 });
}

/** A copy right after the step, with ids of its own. */
export function duplicateStep(steps: Step[], id: string): { steps: Step[]; id: string } {
  const found = findStep(steps, id);
  if (!found) return { steps, id };
  const [made] = copy([found.step]) as [Step];
  let next = steps;
  const renew = (step: Step, taken: Step[]): void => {
    step.id = freshStepId(taken);
    taken.push({ id: step.id, type: step.type });
    for (const inner of [...(step.steps ?? []), ...(step.else ?? [])]) renew(inner, taken);
  };
  renew(
    made,
    [...eachStep(steps)].map(({ step }) => ({ id: step.id, type: step.type })),
  );
  next = insertStep(steps, { ...found.slot, index: found.slot.index + 1 }, made);
  return { steps: next, id: made.id };
}

/** Changes one step. */
export function patchStep(steps: Step[], id: string, change: (step: Step) => void): Step[] {
  const next = copy(steps);
  const found = findStep(next, id);
  if (found) {
    change(found.step);
    for (const key of Object.keys(found.step) as (keyof Step)[])
      if (found.step[key] === undefined || found.step[key] === '') delete found.step[key];
  }
  return next;
}
