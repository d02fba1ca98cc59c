namespace Hypercompress.Evaluation.Benchmarks.Tasks;

/// <summary>Which match of a pattern counts.</summary>
public enum FilterMatch
{
    /// <summary><c>first</c>: the first one.</summary>
    First,

    /// <summary><c>last</c>: the last one.</summary>
    Last,
}
