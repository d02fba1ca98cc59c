namespace Hypercompress.Models.Tests;

/// <summary>Tests that change what belongs to the whole process run alone.</summary>
[CollectionDefinition(DisableParallelization = true)]
public sealed class AloneCollection;
