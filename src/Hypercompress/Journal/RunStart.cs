namespace Hypercompress.Journal;

/// <summary>What a run does with the work that an earlier one has left.</summary>
public enum RunStart
{
    /// <summary>It goes on with it where there is some, and begins otherwise.</summary>
    Continue,

    /// <summary>It goes on with it, and there must be some.</summary>
    Resume,

    /// <summary>It removes it and begins anew.</summary>
    Anew,
}
