using Hypercompress.Models.Tokenization.Patterns.Characters;

namespace Hypercompress.Models.Tokenization.Patterns.Matching;

/// <summary>One instruction of a <see cref="PatternProgram"/>.</summary>
/// <param name="Code">What it does.</param>
/// <param name="X">The first operand.</param>
/// <param name="Y">The second operand.</param>
/// <param name="Set">The characters that it is about.</param>
internal readonly record struct Instruction(OpCode Code, int X = 0, int Y = 0, CodePointSet? Set = null);
