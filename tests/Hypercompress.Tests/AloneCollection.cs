namespace Hypercompress.Tests;

/// <summary>
/// Tests that change what belongs to the whole process, such as the number of threads, run alone: others expect the
/// same bits from the same work.
/// </summary>
[CollectionDefinition(DisableParallelization = true)]
public sealed class AloneCollection;
