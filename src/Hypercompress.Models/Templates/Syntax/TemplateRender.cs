using System.Text;
using Hypercompress.Models.Templates.Values;

namespace Hypercompress.Models.Templates.Syntax;

/// <summary>A parsed statement: appends its text and says how to go on.</summary>
internal delegate TemplateFlow TemplateRender(TemplateScope scope, StringBuilder output);
