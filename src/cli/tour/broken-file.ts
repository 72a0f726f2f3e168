/**
 * A month as a careless supplier might send it: a missing origin, an airport that is not on the list, a negative distance, a delay
 * of four days, and far too few rows. The contract refuses it.
 */
export const brokenMonth = `date,delay,distance,origin,destination
2001-05-01 06:10:00,3,337,OAK,LAX
2001-05-01 06:15:00,-4,-337,LAX,OAK
2001-05-01 06:20:00,5760,1846,SFO,ORD
2001-05-01 06:25:00,12,867,,DEN
2001-05-01 06:30:00,0,2586,JFK,ZZZ9
`;
