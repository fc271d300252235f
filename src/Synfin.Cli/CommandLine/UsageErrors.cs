using System.CommandLine;
using System.CommandLine.Parsing;

namespace Synfin.Cli.CommandLine;

/// <summary>Says in one line what is wrong with a command line, what to do, and what was probably meant.</summary>
internal static class UsageErrors
{
    /// <summary>The line, without the program's name; null if the command line is right.</summary>
    public static string? Describe(ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        string? problem = MistypedOption(parsed) ?? Surplus(parsed) ?? FirstError(parsed)
            ?? (command as CheckedCommand)?.FindProblem(parsed);
        if (problem is null) return null;
        string end = problem.EndsWith('?') ? " " : "; ";
        return $"{problem}{end}'{FullName(command)} --help' explains";
    }

    /// <summary>"synfin demo".</summary>
    private static string FullName(Command command) =>
        command is RootCommand ? SynfinCommandLine.ProgramName : $"{SynfinCommandLine.ProgramName} {command.Name}";

    /// <summary>The parser takes an unknown option for an argument wherever an argument may stand; nobody names things that way.</summary>
    private static string? MistypedOption(ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        string? token = parsed.UnmatchedTokens
            .Concat(command.Arguments.SelectMany(a => parsed.GetResult(a)?.Tokens ?? []).Select(t => t.Value))
            .FirstOrDefault(t => t.StartsWith('-'));
        if (token is null) return null;
        IEnumerable<string> known = command.Options.Where(o => !o.Hidden).Select(o => o.Name).Append("--help");
        return $"'{FullName(command)}' has no option '{token}'{NearestName.Suggestion(token, known)}";
    }

    private static string? Surplus(ParseResult parsed)
    {
        if (parsed.UnmatchedTokens.Count == 0) return null;
        string token = parsed.UnmatchedTokens[0];
        Command command = parsed.CommandResult.Command;
        return command.Subcommands.Count > 0
            ? $"there is no command '{token}'{NearestName.Suggestion(token, command.Subcommands.Select(c => c.Name))}"
            : $"'{token}' is one argument too many";
    }

    private static string? FirstError(ParseResult parsed)
    {
        if (parsed.Errors.Count == 0) return null;
        Command command = parsed.CommandResult.Command;
        if (command.Arguments.FirstOrDefault(argument => IsMissing(parsed, argument)) is { } missing)
            return $"'{FullName(command)}' needs {missing.HelpName ?? missing.Name}";
        ParseError error = parsed.Errors[0];
        if (error.SymbolResult is not OptionResult { Option: var option } result) return OneLine(error.Message);
        string shape = option.HelpName is null ? option.Name : $"{option.Name} {option.HelpName}";
        if (result.IdentifierTokenCount == 0) return $"'{FullName(parsed.CommandResult.Command)}' needs {shape}";
        if (result.Tokens.Count == 0) return $"{option.Name} needs a value: {shape}";
        return result.Tokens.Count > option.Arity.MaximumNumberOfValues ? $"{option.Name} is there twice" : OneLine(error.Message);
    }

    private static bool IsMissing(ParseResult parsed, Argument argument) =>
        argument.Arity.MinimumNumberOfValues > (parsed.GetResult(argument)?.Tokens.Count ?? 0);

    private static string OneLine(string message) =>
        string.Join(' ', message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).TrimEnd('.');
}
