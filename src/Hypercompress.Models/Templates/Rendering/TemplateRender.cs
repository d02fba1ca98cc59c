using System.Text;

namespace Hypercompress.Models.Templates.Rendering;

/// <summary>A parsed statement: appends its text and says how to go on.</summary>
/// <param name="scope">The variables.</param>
/// <param name="output">Receives the text.</param>
internal delegate TemplateFlow TemplateRender(TemplateScope scope, StringBuilder output);
