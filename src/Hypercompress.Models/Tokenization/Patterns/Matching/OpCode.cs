namespace Hypercompress.Models.Tokenization.Patterns.Matching;

/// <summary>Kinds of instructions of a <see cref="PatternProgram"/>.</summary>
internal enum OpCode
{
    /// <summary>Takes one character of the set.</summary>
    OneOf,

    /// <summary>Takes the character X.</summary>
    Character,

    /// <summary>Takes X to Y characters of the set, as many as possible first.</summary>
    Greedy,

    /// <summary>Takes X to Y characters of the set, as few as possible first.</summary>
    Lazy,

    /// <summary>Takes X to Y characters of the set, as many as possible and never fewer.</summary>
    Possessive,

    /// <summary>Takes what a reader sees as one character.</summary>
    TextSegment,

    /// <summary>Takes the text of the groups number X of the program's references; Y is 1 where case does not
    /// matter.</summary>
    BackReference,

    /// <summary>Goes on at X.</summary>
    Jump,

    /// <summary>Goes on at the next instruction, and where that fails at X.</summary>
    Split,

    /// <summary>Goes on at X, and where that fails at the next instruction.</summary>
    SplitLater,

    /// <summary>Goes on at X (fails where it is negative) unless the next character is in the set.</summary>
    Guard,

    /// <summary>Notes the position in slot X.</summary>
    Note,

    /// <summary>Goes on at Y where the position is the one in slot X: a repeated part has taken nothing.</summary>
    LeaveIfNothingTaken,

    /// <summary>Matches what follows on its own, up to an <see cref="Accept"/>, and goes on at X from its
    /// end.</summary>
    Atomic,

    /// <summary>Goes on at X where what follows fits here; Y is 1 where it has not to fit.</summary>
    LookAhead,

    /// <summary>Goes on at X where what follows ends here; Y is the number of the reach.</summary>
    LookBehind,

    /// <summary>Fails unless the position is as the kind X says; the set is what words consist of.</summary>
    Anchor,

    /// <summary>The match, or the part that is matched on its own, ends here.</summary>
    Accept,
}
