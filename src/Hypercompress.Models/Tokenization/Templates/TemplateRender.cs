using System.Text;

namespace Hypercompress.Models.Tokenization.Templates;

/// <summary>A parsed statement: appends its text and says how to go on.</summary>
internal delegate TemplateFlow TemplateRender(TemplateScope scope, StringBuilder output);
