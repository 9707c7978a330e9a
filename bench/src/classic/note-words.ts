/** Everyday words, most of them one token of an English model. */
export const noteWords =
  'the of and to in is that for it as was with be by on not he his but at are this have from or had an they which one you were all her she there would their we him been has when who will no more if out so up said what its about than into them can only other time new some could these two may first then do any like my now over such our man me even most made after also well before must years way world life work day part house hand water stone bread grain mill wheel river wind road field school country state night home side head place end great old small large public under upon right never without again against three long'.split(
    ' ',
  )
