/** Who and what appears in the demo. All made up. */
export interface CastCommunity {
  readonly name: string;
  readonly description: string;
  /** Share of what happens that happens here. */
  readonly weight: number;
  /** Day of the history on which it is founded. */
  readonly founded: number;
  readonly templates: readonly CastTemplate[];
}

export interface CastTemplate {
  readonly name: string;
  readonly description: string;
  readonly category: string;
  readonly level: number;
  readonly weight: number;
  /** How its popularity changes from the first day to the last: 1 doubles it, −0.5 halves it. */
  readonly drift: number;
}

function template(
  name: string,
  category: string,
  level: number,
  weight: number,
  drift: number,
  description: string,
): CastTemplate {
  return { name, category, level, weight, drift, description };
}

export const COMMUNITIES: readonly CastCommunity[] = [
  {
    name: 'Stacks Builders',
    description: 'People who ship on Stacks',
    weight: 24,
    founded: 0,
    templates: [
      template('First Pull Request', 'Open source', 1, 10, 0.9, 'Merged a first change'),
      template('Core Contributor', 'Open source', 5, 2, 0, 'Ten merged changes and two reviews'),
    ],
  },
  {
    name: 'Clarity Guild',
    description: 'Learning and teaching Clarity',
    weight: 22,
    founded: 0,
    templates: [
      template('Clarity Graduate', 'Education', 3, 10, 1.6, 'Finished the Clarity course'),
      template('Mentor', 'Education', 5, 3, -0.4, 'Guided three graduates'),
    ],
  },
  {
    name: 'Lagos Devs',
    description: 'Meetups and mentoring in Lagos',
    weight: 15,
    founded: 2,
    templates: [
      template('Workshop Attendee', 'Events', 1, 9, 0.3, 'Took part in a workshop'),
      template('Event Speaker', 'Events', 3, 3, 0, 'Gave a talk'),
    ],
  },
  {
    name: 'Design Circle',
    description: 'Interfaces that people understand',
    weight: 10,
    founded: 6,
    templates: [
      template('Design Review', 'Community', 2, 6, 0.2, 'Reviewed a design in public'),
      template('Translator', 'Community', 2, 4, 0.5, 'Translated an app'),
    ],
  },
  {
    name: 'Night Owls',
    description: 'Open source after midnight',
    weight: 9,
    founded: 13,
    templates: [
      template('Bug Hunter', 'Open source', 3, 5, 0.6, 'Found and reproduced a bug'),
      template('Helping Hand', 'Community', 1, 5, -0.3, 'Answered when someone was stuck'),
    ],
  },
  {
    name: 'Governance Forum',
    description: 'Proposals, votes and minutes',
    weight: 7,
    founded: 21,
    templates: [
      template('Voter', 'Governance', 1, 8, 0.4, 'Voted on a proposal'),
      template('Proposal Author', 'Governance', 4, 2, 0, 'Wrote a proposal that came to a vote'),
    ],
  },
  {
    name: 'Andes Nodes',
    description: 'Running nodes from Bogotá to Santiago',
    weight: 8,
    founded: 38,
    templates: [
      template('Node Operator', 'Infrastructure', 4, 5, 1.1, 'Kept a node up for 30 days'),
      template('Signer', 'Infrastructure', 5, 2, 0.4, 'Signed a full cycle'),
    ],
  },
  {
    name: 'Hack Weekends',
    description: 'Forty-eight hours, one idea',
    weight: 5,
    founded: 66,
    templates: [template('Hackathon Finalist', 'Events', 4, 3, 0.8, 'Reached a final')],
  },
  {
    name: 'Docs Sprint',
    description: 'Writing down what everybody knows',
    weight: 6,
    founded: 80,
    templates: [template('Docs Editor', 'Education', 2, 4, 0, 'Rewrote a page so that it helps')],
  },
];

/** Founded late, handed over and given up: a community that is no longer active. Awards nothing of its own. */
export const SHORT_LIVED = {
  name: 'Winter Camp',
  description: 'One winter only',
  founded: 20,
  handedOver: 45,
  ended: 62,
} as const;
