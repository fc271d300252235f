using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;

namespace Synfin.Cli.Serve;

/// <summary>The page of a folder: folders first, then files, with sizes and times. Names are untrusted text.</summary>
internal sealed class FolderListing : IDirectoryFormatter
{
    /// <inheritdoc/>
    public Task GenerateContentAsync(HttpContext context, IEnumerable<IFileInfo> contents)
    {
        context.Response.ContentType = "text/html; charset=utf-8";
        return HttpMethods.IsHead(context.Request.Method)
            ? Task.CompletedTask
            : context.Response.WriteAsync(PageOf(context.Request.Path.Value ?? "/", contents), context.RequestAborted);
    }

    private static string PageOf(string path, IEnumerable<IFileInfo> contents)
    {
        string title = HtmlEncoder.Default.Encode($"Index of {path}");
        StringBuilder page = new();
        page.Append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        page.Append(CultureInfo.InvariantCulture, $"<title>{title}</title>\n");
        page.Append("<style>body { font-family: sans-serif } td { padding-right: 2em } .size { text-align: right }</style>\n");
        page.Append(CultureInfo.InvariantCulture, $"</head>\n<body>\n<h1>{title}</h1>\n<table>\n");
        if (path != "/") page.Append("<tr><td><a href=\"../\">../</a></td></tr>\n");
        foreach (IFileInfo one in contents.OrderBy(one => !one.IsDirectory).ThenBy(one => one.Name, StringComparer.Ordinal))
        {
            string end = one.IsDirectory ? "/" : "";
            string size = one.IsDirectory ? "" : string.Create(CultureInfo.InvariantCulture, $"{one.Length:N0}");
            string time = one.LastModified.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
            page.Append(
                CultureInfo.InvariantCulture,
                $"<tr><td><a href=\"./{Uri.EscapeDataString(one.Name)}{end}\">{HtmlEncoder.Default.Encode(one.Name)}{end}</a></td>"
                + $"<td class=\"size\">{size}</td><td>{time} UTC</td></tr>\n");
        }
        return page.Append("</table>\n</body>\n</html>\n").ToString();
    }
}
