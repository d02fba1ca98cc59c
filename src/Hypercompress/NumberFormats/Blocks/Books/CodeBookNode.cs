namespace Hypercompress.NumberFormats.Blocks.Books;

/// <summary>A level in the tree of a code book.</summary>
/// <param name="Place">Which value of the group has it; 0 where a group is complete.</param>
/// <param name="Level">The level, a magnitude where signs stand apart.</param>
/// <param name="Next">The node that follows when all below this one are left out.</param>
internal readonly record struct CodeBookNode(int Place, int Level, int Next);
