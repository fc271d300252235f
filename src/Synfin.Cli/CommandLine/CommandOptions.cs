using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;
using Synfin.Ip;
using Synfin.Wire;

namespace Synfin.Cli.CommandLine;

/// <summary>Options whose errors say what is wrong and what would be right.</summary>
internal static class CommandOptions
{
    /// <summary>A switch.</summary>
    public static Option<bool> Switch(string name, string description, params string[] aliases) =>
        new(name, aliases) { Description = description, Arity = ArgumentArity.Zero };

    /// <summary>The switch that asks for more words.</summary>
    public static Option<bool> Verbose(string description) => Switch("--verbose", description, "-v");

    /// <summary>Any text, as it is.</summary>
    public static Option<string?> Text(string name, string value, string description, bool required = false) =>
        new(name) { Description = description, HelpName = value, Required = required };

    /// <summary>A whole number from <paramref name="minimum"/> to <paramref name="maximum"/>; null if it is not given.</summary>
    public static Option<T?> Number<T>(string name, string value, T minimum, T maximum, string description)
        where T : struct, INumber<T> => new(name)
        {
            Description = description,
            HelpName = value,
            CustomParser = result =>
            {
                string text = result.Tokens[0].Value;
                bool isNumber = T.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out T number);
                if (isNumber && number >= minimum && number <= maximum) return number;
                result.AddError($"{name} takes a whole number from {minimum} to {maximum}, not '{text}'");
                return null;
            },
        };

    /// <summary>One of the names of <typeparamref name="T"/>, in lower case.</summary>
    public static Option<T> Choice<T>(string name, string description)
        where T : struct, Enum
    {
        string[] names = [.. Enum.GetNames<T>().Select(n => n.ToLowerInvariant())];
        var option = new Option<T>(name)
        {
            Description = description,
            HelpName = string.Join('|', names),
            CustomParser = result =>
            {
                string text = result.Tokens[0].Value;
                int index = Array.IndexOf(names, text.ToLowerInvariant());
                if (index >= 0) return Enum.GetValues<T>()[index];
                result.AddError($"{name} is one of {string.Join(", ", names)}, not '{text}'{NearestName.Suggestion(text, names)}");
                return default;
            },
        };
        option.CompletionSources.Add(names);
        return option;
    }

    /// <summary>A length of time in seconds, which may have a fraction; null if it is not given.</summary>
    public static Option<TimeSpan?> Seconds(string name, double minimum, double maximum, string description) => new(name)
    {
        Description = description,
        HelpName = "SECONDS",
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            const NumberStyles Style = NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign;
            if (double.TryParse(text, Style, CultureInfo.InvariantCulture, out double seconds) && seconds >= minimum && seconds <= maximum)
                return TimeSpan.FromSeconds(seconds);
            result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name} takes seconds from {minimum} to {maximum}, not '{text}'"));
            return null;
        },
    };

    /// <summary>Addresses with their prefix lengths, such as 192.0.2.1/24 or 2001:db8::1/64.</summary>
    public static Option<AddressPrefix[]> Prefixes(string name, string description) => Many<AddressPrefix>(
        name, "A/P", description, AddressPrefix.TryParse, "an address and a prefix length such as 192.0.2.1/24");

    /// <summary>Addresses.</summary>
    public static Option<InternetAddress[]> Addresses(string name, string description) => Many<InternetAddress>(
        name, "A", description, (string? text, out InternetAddress address) => InternetAddress.TryParse(text, out address),
        "an address such as 192.0.2.1 or 2001:db8::1");

    private delegate bool TryParse<T>(string? text, out T value);

    private static Option<T[]> Many<T>(string name, string value, string description, TryParse<T> tryParse, string wanted) => new(name)
    {
        Description = description,
        HelpName = value,
        Arity = ArgumentArity.OneOrMore,
        CustomParser = result =>
        {
            List<T> values = [];
            foreach (Token token in result.Tokens)
            {
                if (tryParse(token.Value, out T? one)) values.Add(one);
                else result.AddError($"{name} takes {wanted}, not '{token.Value}'");
            }
            return [.. values];
        },
    };
}
