using System.Collections.Immutable;
using Hypercompress.Sites;

namespace Hypercompress.Planning.Outlook;

/// <summary>The sizes of a teacher, known from the headers of its files alone.</summary>
/// <param name="TeacherBytes">Bytes of the teacher's weights as published.</param>
/// <param name="FixedBytes">Bytes that are kept in any case: norms and biases.</param>
/// <param name="Sites">The sites, in the order of the decoder.</param>
/// <param name="KeepBytes">Bytes of each site's matrix when it is not compressed, in the same order.</param>
internal sealed record ModelOutline(
    long TeacherBytes, long FixedBytes, ImmutableArray<Site> Sites, ImmutableArray<long> KeepBytes)
{
    /// <summary>Whether the embedding is the output projection as well.</summary>
    public bool IsTied { get; init; }
}
